package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the shops sell: a few products are looked at very often and most of them rarely, as in a
 * real shop (Zipf, exponent 1.05).
 */
final class Catalog {
  static final int PRODUCTS = 2_000;

  private static final double EXPONENT = 1.05;
  private static final List<String> KINDS =
      List.of("Trail shoe", "Wool socks", "Regenmütze", "Chemise légère", "Backpack", "お茶セット");
  private static final List<String> CATEGORIES =
      List.of(
          "shoes/running", "clothing/socks", "clothing/hats", "clothing/shirts", "bags", "home");
  private static final List<String> VARIANTS =
      List.of("S", "M", "L", "blue/42", "grün", "one size");

  /**
   * One product.
   *
   * @param number 1 is the one sold most; its SKU is {@code SKU-<number>}
   * @param name as shown, UTF-8
   * @param category path, ASCII
   * @param variant as shown, UTF-8
   * @param price in hundredths of a euro
   */
  record Product(int number, byte[] name, String category, byte[] variant, long price) {}

  private final Product[] products = new Product[PRODUCTS];
  private final double[] cumulative = new double[PRODUCTS];

  /** The same catalogue for the same state of {@code random}. */
  Catalog(SplittableRandom random) {
    double sum = 0;
    for (int i = 0; i < PRODUCTS; i++) {
      int kind = random.nextInt(KINDS.size());
      String name = KINDS.get(kind) + " " + (i + 1);
      String variant = VARIANTS.get(random.nextInt(VARIANTS.size()));
      long price = 199 + 50L * random.nextInt(400);
      products[i] =
          new Product(
              i + 1, name.getBytes(UTF_8), CATEGORIES.get(kind), variant.getBytes(UTF_8), price);
      sum += 1 / Math.pow(i + 1.0, EXPONENT);
      cumulative[i] = sum;
    }
  }

  /** A product, the popular ones more often. */
  Product draw(SplittableRandom random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[PRODUCTS - 1]);
    return products[found < 0 ? Math.min(-found - 1, PRODUCTS - 1) : found];
  }
}
