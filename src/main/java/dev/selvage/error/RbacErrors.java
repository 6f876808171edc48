package dev.selvage.error;

/// Refusals of roles and role assignments.
public enum RbacErrors implements ErrorType {
    INVALID_RBAC_ROLE_ID(400, "role_id is not a role of this project."),
    TOO_MANY_ROLES(400, "A user may not have more than 100 roles."),
    INVALID_RBAC_ROLE_ASSIGNMENT(400, "Each implicit role assignment must have a domain and a role_id."),
    RBAC_INVALID_DOMAIN(400, "An implicit role assignment names an invalid domain."),
    RBAC_DOMAIN_TOO_COMMON(400, "An implicit role assignment names a domain at which anyone can get an address."),
    INVALID_RBAC_CUSTOM_ROLE(400, "A role of the organization's policy is not valid."),
    RBAC_ROLE_DUPLICATE(400, "A role_id appears twice, or it is the role_id of a role of the project."),
    ;

    private final int status;
    private final String message;

    RbacErrors(int status, String message) {
        this.status = status;
        this.message = message;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String message() {
        return message;
    }
}
