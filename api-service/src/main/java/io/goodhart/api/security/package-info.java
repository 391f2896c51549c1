/** Who may call: API keys with roles, required as soon as the service listens beyond this machine. */
@NullMarked
package io.goodhart.api.security;

import org.jspecify.annotations.NullMarked;
