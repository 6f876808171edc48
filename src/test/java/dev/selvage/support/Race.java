package dev.selvage.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Concurrent calls.
public final class Race {

    private Race() {}

    /// Makes `calls` calls that start together. Returns the results in the order of their numbers.
    public static <T> List<T> atOnce(int calls, IntFunction<T> call) throws InterruptedException, ExecutionException {
        CountDownLatch begin = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                int number = i;
                futures.add(threads.submit(() -> {
                    begin.await();
                    return call.apply(number);
                }));
            }
            begin.countDown();
            List<T> answers = new ArrayList<>();
            for (Future<T> future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    /// Asserts that one call succeeded and all others were refused with status 400 and this type.
    public static void oneWins(List<Answer> answers, String otherwise) {
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(answer -> answer.refused(400, otherwise));
    }
}
