package io.eventpipeline.job;

/**
 * One product in a cart.
 *
 * @param quantity pieces, above 0
 * @param unitPriceE4 last price seen, in 1/10,000 of the currency; 0 when none was
 */
public record CartLine(int quantity, long unitPriceE4) {}
