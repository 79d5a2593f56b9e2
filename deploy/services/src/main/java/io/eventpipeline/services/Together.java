package io.eventpipeline.services;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Does the same to several services at the same time. */
final class Together {
  private Together() {}

  /** Returns when all are done; the first failure is thrown then, the others are added to it. */
  static void forEach(List<Service> services, Consumer<Service> action) {
    if (services.isEmpty()) {
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(services.size());
    try {
      var running =
          services.stream()
              .map(service -> CompletableFuture.runAsync(() -> action.accept(service), threads))
              .toList();
      RuntimeException failure = null;
      for (CompletableFuture<Void> each : running) {
        try {
          each.join();
        } catch (CompletionException e) {
          RuntimeException cause =
              e.getCause() instanceof RuntimeException unchecked ? unchecked : e;
          if (failure == null) {
            failure = cause;
          } else {
            failure.addSuppressed(cause);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      threads.shutdown();
    }
  }
}
