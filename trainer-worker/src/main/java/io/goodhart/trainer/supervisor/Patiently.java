package io.goodhart.trainer.supervisor;

import io.goodhart.domain.GoodhartException;
import io.goodhart.domain.LeaseLostException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;

/** Writes that outlast a database that is away for a while. */
final class Patiently {
    private static final Logger LOG = LoggerFactory.getLogger(Patiently.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Trouble that lasts this long although heartbeats succeed does not pass by itself. */
    private static final Duration LONGEST_TROUBLE = Duration.ofMinutes(2);

    private Patiently() {}

    /** Tries until it works or the claim is lost; a refusal that repeating cannot change is thrown. */
    static void write(Runnable action, Lease lease) throws InterruptedException {
        long begin = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        while (!lease.isLost()) {
            try {
                action.run();
                return;
            } catch (LeaseLostException e) {
                lease.lose();
            } catch (GoodhartException e) {
                throw e;
            } catch (RuntimeException e) {
                if (isForGood(e) || System.nanoTime() - begin > LONGEST_TROUBLE.toNanos()) {
                    throw e;
                }
                LOG.warn("A write failed and is tried again", e);
                lease.pause(pause);
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            }
        }
    }

    /** Whether the database was there and refused. */
    private static boolean isForGood(RuntimeException trouble) {
        return trouble instanceof NonTransientDataAccessException
                && !(trouble instanceof NonTransientDataAccessResourceException);
    }
}
