package io.goodhart.api.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StampedCacheTest {
    private final StampedCache<String, Integer> cache = new StampedCache<>(2);
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void aValueIsReadOnceForEachStamp() {
        assertThat(cache.get("a", 1, reads::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("a", 1, reads::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("a", 2, reads::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void aFailureIsThrownAsItIsAndNotRemembered() {
        InvalidInputException refusal = new InvalidInputException(new Problem("bad", null, "no"));
        assertThatThrownBy(() -> cache.get("a", 1, () -> {
                    throw refusal;
                }))
                .isSameAs(refusal);
        assertThat(cache.get("a", 1, reads::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void theLeastRecentlyUsedEntryMakesRoom() {
        cache.get("a", 1, reads::incrementAndGet);
        cache.get("b", 1, reads::incrementAndGet);
        cache.get("a", 1, reads::incrementAndGet);
        cache.get("c", 1, reads::incrementAndGet);
        assertThat(cache.get("a", 1, reads::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("b", 1, reads::incrementAndGet)).isEqualTo(4);
    }

    @Test
    void whoeverAsksWhileItIsReadWaitsForIt() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(callers.submit(() -> cache.get("a", 1, () -> {
                    started.countDown();
                    finish.await();
                    return reads.incrementAndGet();
                })));
            }
            started.await();
            finish.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(1);
            }
        }
    }
}
