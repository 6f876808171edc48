/// The face for people, load balancers and the operator: pages that links in messages lead to, health checks,
/// the developer inbox.
@NullMarked
package dev.selvage.pages;

import org.jspecify.annotations.NullMarked;
