/// The face for people, load balancers and the operator: pages that links in messages lead to, health checks,
/// the developer inbox.
package dev.selvage.pages;
