/// The HTTP server and the path of a call: routes, surfaces, endpoints, guards, and the steps that every call
/// shares.
///
/// No other package uses the web server library. This package does not know any API: envelopes, credentials and
/// errors on the wire belong to the faces.
@NullMarked
package dev.selvage.http;

import org.jspecify.annotations.NullMarked;
