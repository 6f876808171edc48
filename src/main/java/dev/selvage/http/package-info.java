/// The HTTP server and the path of a call: routes, surfaces, endpoints, guards, the steps that every call
/// shares.
///
/// The only package that knows the web server. It knows no API: envelopes, credentials and errors on the wire
/// belong to the faces.
@NullMarked
package dev.selvage.http;

import org.jspecify.annotations.NullMarked;
