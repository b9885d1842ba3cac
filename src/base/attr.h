// The two compiler extensions that the code base allows itself, each behind one name.
//
//   OWNED(str) struct str text = STR_INIT(LIMIT_TEXT_BYTES_MAX);   released when the scope ends
//   MUST_CHECK enum err_code f(...);                               an unread result is a compile
//   error
#ifndef FORVAR_BASE_ATTR_H
#define FORVAR_BASE_ATTR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first_argument) \
  __attribute__((format(printf, format_index, first_argument)))

// Runs NAME_cleanup(&variable) when the variable's scope ends. Each owning type defines its
// own `void NAME_cleanup(struct NAME *)` or `(struct NAME **)`.
#define OWNED(name) __attribute__((cleanup(name##_cleanup)))

// Moves an owned pointer out of a variable, so that its clean-up finds NULL.
#define TAKE(pointer)                      \
  (__extension__({                         \
    __auto_type taken_pointer = (pointer); \
    (pointer) = NULL;                      \
    taken_pointer;                         \
  }))

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
