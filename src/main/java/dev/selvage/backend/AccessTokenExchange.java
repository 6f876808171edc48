package dev.selvage.backend;

import dev.selvage.error.ApiError;
import dev.selvage.error.TokenErrors;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.http.Surface;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.tokenexchange.OutboundGet;
import tools.jackson.databind.node.ObjectNode;

/// The call `exchange_access_token`, which both products have.
public final class AccessTokenExchange {

    private AccessTokenExchange() {}

    public static Endpoint<?, ?> endpoint(Surface surface, String path) {
        return surface.post(path, ExchangeAccessTokenRequest.class, AccessTokenExchange::exchangeAccessToken);
    }

    record ExchangeAccessTokenRequest(
            String accessToken, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        ExchangeAccessTokenRequest {
            OutboundGet.checkBearer(accessToken, "access_token");
            SessionDuration.check(sessionDurationMinutes);
        }
    }

    /// Refuses every token. Access tokens are issued to connected apps, which neither product has yet, so every
    /// token is unknown.
    private static Object exchangeAccessToken(RequestContext context, ExchangeAccessTokenRequest request) {
        SessionDuration.check(context.project(), request.sessionDurationMinutes);
        throw ApiError.of(TokenErrors.IDP_ACCESS_TOKEN_NOT_FOUND);
    }
}
