package dev.selvage.signin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/// Crosses events with what can exist before them: each event with each one, then events with many of them in
/// an order of chance. `bench/fuzz` does the second part for as long as one likes.
final class Crossing {

    /// Of the short form. Chosen once, by chance.
    private static final long SEED = 771_204_119;
    private static final int BY_CHANCE = 10;

    private Crossing() {}

    /// @param fits whether one can exist before an event
    /// @param run  fails with a message that names both
    static <E, P> void cross(List<E> events, List<P> priors, BiPredicate<E, P> fits, BiConsumer<E, List<P>> run) {
        for (E event : events) {
            priors.stream()
                    .filter(prior -> fits.test(event, prior))
                    .forEach(prior -> run.accept(event, List.of(prior)));
        }
        long minutes = Long.getLong("selvage.fuzz.minutes", 0);
        Random chance = new Random(Long.getLong("selvage.fuzz.seed", SEED));
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        for (int done = 0; minutes == 0 ? done < BY_CHANCE : System.nanoTime() < end; done++) {
            E event = events.get(chance.nextInt(events.size()));
            List<P> several = new ArrayList<>(
                    priors.stream().filter(prior -> fits.test(event, prior)).toList());
            Collections.shuffle(several, chance);
            run.accept(event, List.copyOf(several.subList(0, 1 + chance.nextInt(several.size()))));
        }
    }
}
