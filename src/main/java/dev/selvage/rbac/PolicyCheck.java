package dev.selvage.rbac;

import dev.selvage.base.Suggestions;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks the RBAC policy that a project configures against the predefined policy (`semantics.md` 7).
public final class PolicyCheck {

    /// The prefix of predefined ids. A project may use it only for a role that replaces a predefined role.
    private static final String RESERVED = "stytch";
    private static final String ANY_ACTION = "*";
    private static final Pattern ID = Pattern.compile(Policy.ID);

    private final Policy predefined;
    private final Map<String, Set<String>> actions = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private PolicyCheck(Policy predefined, Policy own) {
        this.predefined = predefined;
        predefined.resources().forEach(resource -> actions.put(resource.resourceId(), Set.copyOf(resource.actions())));
        own.resources().stream()
                .filter(resource -> resource.resourceId() != null)
                .forEach(resource -> actions.put(resource.resourceId(), new HashSet<>(resource.actions())));
    }

    /// Returns all problems of a policy. Their paths begin with `rbac`.
    ///
    /// @param predefined the policy that every project of the vertical has
    /// @param own        the policy that this project configures
    public static List<Problem> problems(Policy predefined, Policy own) {
        PolicyCheck check = new PolicyCheck(predefined, own);
        check.resources(own.resources());
        check.roles(own.roles());
        check.scopes(own.scopes());
        return List.copyOf(check.problems);
    }

    private void resources(List<Policy.Resource> resources) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < resources.size(); i++) {
            Policy.Resource resource = resources.get(i);
            String path = "rbac.resources[" + i + "]";
            id(path + ".resource_id", resource.resourceId(), Set.of(), seen);
            actionNames(path + ".actions", resource.actions());
            refuseIf(
                    resource.actions().contains(ANY_ACTION),
                    path + ".actions",
                    "may not define *, which stands for all actions");
        }
    }

    private void roles(List<Policy.Role> roles) {
        Set<String> seen = new HashSet<>();
        List<String> replaceable =
                predefined.roles().stream().map(Policy.Role::roleId).toList();
        for (int i = 0; i < roles.size(); i++) {
            String path = "rbac.roles[" + i + "]";
            id(path + ".role_id", roles.get(i).roleId(), replaceable, seen);
            permissions(path + ".permissions", roles.get(i).permissions());
        }
    }

    private void scopes(List<Policy.Scope> scopes) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < scopes.size(); i++) {
            String path = "rbac.scopes[" + i + "]";
            id(path + ".scope", scopes.get(i).scope(), Set.of(), seen);
            permissions(path + ".permissions", scopes.get(i).permissions());
        }
    }

    private void permissions(String path, List<Policy.Permission> permissions) {
        for (int i = 0; i < permissions.size(); i++) {
            Policy.Permission permission = permissions.get(i);
            String at = path + "[" + i + "]";
            Set<String> known = permission.resourceId() == null ? null : actions.get(permission.resourceId());
            if (permission.resourceId() == null) {
                refuse(at + ".resource_id", "is required");
            } else if (!ID.matcher(permission.resourceId()).matches()) {
                refuse(at + ".resource_id", Policy.ID_FORM);
            } else if (known == null) {
                refuse(
                        at + ".resource_id",
                        "names the resource \"" + permission.resourceId() + "\", which is not defined"
                                + Suggestions.hint(permission.resourceId(), actions.keySet()));
            }
            granted(at + ".actions", permission.actions(), known);
        }
    }

    private void granted(String path, List<String> granted, @Nullable Set<String> known) {
        if (!actionNames(path, granted)) {
            return;
        }
        if (granted.contains(ANY_ACTION)) {
            refuseIf(granted.size() > 1, path, "must hold * alone or not at all");
        } else if (known != null) {
            granted.stream()
                    .filter(action -> !known.contains(action))
                    .distinct()
                    .forEach(action -> refuse(
                            path,
                            "names the action \"" + action + "\", which the resource does not have"
                                    + Suggestions.hint(action, known)));
        }
    }

    /// Checks the action names of a list. Returns whether each one is well-formed; an empty list or a duplicate
    /// is a problem, but does not change the result.
    private boolean actionNames(String path, List<String> names) {
        refuseIf(names.isEmpty(), path, "must name at least one action");
        refuseIf(new HashSet<>(names).size() < names.size(), path, "names an action twice");
        boolean wellFormed = names.stream().allMatch(name -> ID.matcher(name).matches());
        refuseIf(!wellFormed, path, "may only hold names of 1 to 128 characters without spaces");
        return wellFormed;
    }

    private void id(String path, String id, Collection<String> replaceable, Set<String> seen) {
        if (id == null || !ID.matcher(id).matches()) {
            refuse(path, Policy.ID_FORM);
            return;
        }
        refuseIf(
                id.startsWith(RESERVED) && !replaceable.contains(id),
                path,
                "may not begin with \"" + RESERVED + "\": such names are predefined");
        refuseIf(!seen.add(id), path, "is a duplicate: \"" + id + "\"");
    }

    private void refuseIf(boolean wrong, String path, String problem) {
        if (wrong) {
            refuse(path, problem);
        }
    }

    private void refuse(String path, String problem) {
        problems.add(new Problem(path, problem));
    }
}
