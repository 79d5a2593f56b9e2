package io.eventpipeline.services;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class real servers. They are started when the first class of the JVM asks for them,
 * shared by all, and stopped when the JVM's last test is over; a class finds the ones that it named
 * running, even when a class before killed them, but not empty. Parameters of type {@link
 * ServiceKit} are injected. Data and logs are under {@code target/services}; only the logs stay.
 * With {@code -Dservices.containers=true} they run in containers.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(SharedServices.class)
public @interface WithServices {
  /** Those that the class uses; the kit may hold more. */
  Server[] value();
}
