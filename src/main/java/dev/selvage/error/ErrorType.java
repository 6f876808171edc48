package dev.selvage.error;

import java.util.Locale;

/// An error type that this server returns. Each enum has the types of one noun, and the first noun in the name
/// of a type is that of its enum: `INVALID_SESSION_TOKEN` is in [SessionErrors]. `docs/errors.md` lists all of
/// them with their enum. The statuses are those of the contract's `errors.json`, and so are the messages that
/// it has.
public sealed interface ErrorType
        permits MagicLinkErrors,
                MemberErrors,
                OrganizationErrors,
                OtpErrors,
                PasswordErrors,
                ProjectErrors,
                RbacErrors,
                RedirectUrlErrors,
                RequestErrors,
                SessionErrors,
                TokenErrors,
                TotpErrors,
                UserErrors {

    /// The HTTP status, which is also `status_code` in the body.
    int status();

    /// The usual `error_message`.
    String message();

    /// The name of the enum constant.
    String name();

    /// The `error_type` of the response: the constant's name in lower case.
    default String wireValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}
