package io.eventpipeline.registry.store;

/**
 * Says whether what a schema needs outside of the registry is there. Asked while the type's lock is
 * held, so it must answer within a few seconds; what it throws undoes the change.
 */
@FunctionalInterface
public interface PublishingRule {
  /**
   * Passes a schema that is about to be published.
   *
   * @throws ChangeRefusedException when something is missing
   */
  void require(Content content) throws ChangeRefusedException;
}
