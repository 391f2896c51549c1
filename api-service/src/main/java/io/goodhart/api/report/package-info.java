/** Shows a report: one HTML file, Markdown, a table for the terminal, every number as CSV, tables for LaTeX. */
@NullMarked
package io.goodhart.api.report;

import org.jspecify.annotations.NullMarked;
