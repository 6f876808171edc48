package dev.selvage.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.RateLimits.Limit;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.util.concurrent.TimeUnit;

/// Limits the calls of an operation group, for each project on this node. Off by default (`open-questions.md`
/// 41). [TargetLimits] limits attempts on an account.
public final class OperationLimits {

    private static final String ANY_GROUP = "*";
    private static final int BUCKETS_MAX = 100_000;

    private final Cache<Key, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(BUCKETS_MAX)
            .expireAfter(Expiry.accessing((Key key, Bucket bucket) -> key.limit.interval()))
            .build();

    private record Key(String projectId, String group, Limit limit) {}

    /// Counts a call. Refuses it with 429 and the seconds to wait if the limit is reached.
    public void check(Project project, String group) {
        var limits = project.settings().rateLimits().operations();
        Limit limit = limits.getOrDefault(group, limits.get(ANY_GROUP));
        if (limit == null) {
            return;
        }
        Bucket bucket = buckets.get(new Key(project.id(), group, limit), OperationLimits::bucket);
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw ApiError.tooMany(
                    RequestErrors.TOO_MANY_REQUESTS,
                    TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1);
        }
    }

    private static Bucket bucket(Key key) {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(key.limit.calls()).refillIntervally(key.limit.calls(), key.limit.interval()))
                .build();
    }
}
