// Reading of whole files and of their lines.
#ifndef FORVAR_VERIFY_FILE_H
#define FORVAR_VERIFY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "verify/finding.h"

struct verify_content {
  char *text;  // owned; a zero byte follows the last byte
  size_t bytes;
};

void verify_content_clean(struct verify_content *content);
void verify_stream_clean(FILE **stream);

// VERIFY_UNREADABLE if the file cannot be read or is larger than the limit.
VERIFY_MUST_CHECK enum verify_outcome verify_content_read(const char *file, size_t bytes_max,
                                                          struct verify_content *ret_content,
                                                          struct verify_finding *finding);

struct verify_line {
  char *text;  // owned; bytes_max long; a zero byte follows the last byte
  size_t bytes;
  size_t bytes_max;
  bool is_ended;     // by a line feed, which is not part of the text
  bool is_too_long;  // the text was cut at the limit, and the rest of the line left unread
};

void verify_line_clean(struct verify_line *line);

// Makes room for lines of up to bytes_max bytes. False without memory.
VERIFY_MUST_CHECK bool verify_line_init(struct verify_line *line, size_t bytes_max);

// False at the end of the stream and when it cannot be read; ferror tells which.
VERIFY_MUST_CHECK bool verify_line_next(struct verify_line *line, FILE *stream);

#endif
