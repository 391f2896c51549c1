/**
 * Chat templates as transformers renders them, by Jinjava inside bounds: a template is somebody else's program and gets data,
 * pure functions and a budget.
 */
@NullMarked
package io.goodhart.modelfiles.chat;

import org.jspecify.annotations.NullMarked;
