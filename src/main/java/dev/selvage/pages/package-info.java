/// The face for end users, load balancers and the operator: pages to which links in messages point, health
/// checks, and the developer inbox.
@NullMarked
package dev.selvage.pages;

import org.jspecify.annotations.NullMarked;
