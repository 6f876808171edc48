package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.common.JWTErrorResponse;
import com.stytch.java.common.StytchResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/// Notes which methods of the SDK succeeded and which were refused, so that none of an area can be forgotten.
final class Ledger {

    /// How a call can end.
    enum Outcome {
        SUCCEEDS,
        IS_REFUSED
    }

    private static final String ASYNC = "Completable";
    private static final Pattern AREA = Pattern.compile("com\\.stytch\\.java\\.(consumer|b2b)\\.api\\..+");

    private final Map<String, Set<Outcome>> outcomes = new ConcurrentSkipListMap<>();

    /// An area whose calls are noted, with the areas below it. The same area of another client can be noted
    /// under the same name.
    <T> T area(String name, Class<T> type, T area) {
        return area(name, type, area, Set.of());
    }

    /// @param elsewhere names of areas directly below it that have a ledger of their own
    <T> T area(String name, Class<T> type, T area, Set<String> elsewhere) {
        for (Method method : type.getMethods()) {
            if (method.getName().endsWith(ASYNC)) {
                outcomes.computeIfAbsent(name + "." + plain(method), ignored -> EnumSet.noneOf(Outcome.class));
            } else if (isArea(method) && !elsewhere.contains(plain(method))) {
                area(name + "." + plain(method), method.getReturnType(), null);
            }
        }
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(area, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                    if (isArea(method)) {
                        return elsewhere.contains(plain(method))
                                ? result
                                : wrapped(name + "." + plain(method), method.getReturnType(), result);
                    }
                    if (result instanceof CompletableFuture<?> future) {
                        return future.whenComplete((value, ignored) -> note(name + "." + plain(method), value));
                    }
                    return result;
                }));
    }

    /// Fails unless every method of the areas did both; `never` names what cannot happen yet, as
    /// `sessions.attest IS_REFUSED`.
    void assertComplete(Set<String> never) {
        List<String> missing = new ArrayList<>();
        outcomes.forEach((method, seen) -> {
            for (Outcome outcome : Outcome.values()) {
                if (seen.contains(outcome) == never.contains(method + " " + outcome)) {
                    missing.add(method + " " + outcome);
                }
            }
        });
        assertThat(outcomes).isNotEmpty();
        assertThat(missing)
                .as("calls that never ended so, or did although they are said not to")
                .isEmpty();
    }

    private void note(String method, Object result) {
        Set<Outcome> seen = outcomes.get(method);
        synchronized (seen) {
            seen.add(succeeded(result) ? Outcome.SUCCEEDS : Outcome.IS_REFUSED);
        }
    }

    /// `authenticateJwt` gives the server's refusal as a successful result.
    private static boolean succeeded(Object result) {
        return result instanceof StytchResult.Success<?> success && !(success.getValue() instanceof JWTErrorResponse);
    }

    private <T> T wrapped(String name, Class<T> type, Object area) {
        return area(name, type, type.cast(area));
    }

    private static boolean isArea(Method method) {
        return method.getParameterCount() == 0
                && AREA.matcher(method.getReturnType().getName()).matches();
    }

    /// `getJWKS` for `getJWKSCompletable`, `email` for `getEmail`.
    private static String plain(Method method) {
        String name = method.getName();
        if (name.endsWith(ASYNC)) {
            return name.substring(0, name.length() - ASYNC.length());
        }
        return Character.toLowerCase(name.charAt(3)) + name.substring(4);
    }
}
