package io.eventpipeline.job.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.job.StartRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

/** Limits that the broker of the tests cannot be brought to. */
class BrokerLimitsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  @Test
  void allowsExactlyTheBrokersLongestTransaction() {
    assertThatCode(() -> check(TIMEOUT, TIMEOUT.plusMillis(1))).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(TIMEOUT.minusMillis(1), Duration.ofDays(7)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("broker 7")
        .hasMessageContaining("transaction.max.timeout.ms");
  }

  @Test
  void refusesABrokerThatForgetsIdsWithinATransaction() {
    assertThatThrownBy(() -> check(Duration.ofHours(1), TIMEOUT))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("broker 7 forgets idle transactional ids after PT15M")
        .hasMessageContaining("transactional.id.expiration.ms");
  }

  @Test
  void takesWhatTheBrokerDoesNotTellForUnlimited() {
    assertThatCode(() -> BrokerChecks.limits("7", new Config(List.of()), TIMEOUT))
        .doesNotThrowAnyException();
  }

  @Test
  void startsOnAClusterThatHasNoSuchFeatureButNotWhereItIsOff() {
    assertThatCode(() -> BrokerChecks.version(OptionalInt.empty(), false))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> BrokerChecks.version(OptionalInt.empty(), true))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("transaction.version is 0 and must be 2");
  }

  private static void check(Duration timeoutMax, Duration expiration) {
    Config config =
        new Config(
            List.of(
                new ConfigEntry("transaction.max.timeout.ms", millis(timeoutMax)),
                new ConfigEntry("transactional.id.expiration.ms", millis(expiration))));
    BrokerChecks.limits("7", config, TIMEOUT);
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
