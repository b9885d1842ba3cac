// What a process that holds keys asks of the kernel.
#ifndef FORVAR_BASE_PROCESS_H
#define FORVAR_BASE_PROCESS_H

// Keys and opened values must not reach a disk by way of a crash, nor another process of the same
// user by way of a debugger: no core file is written, and nobody but root may attach or read the
// memory. A kernel that refuses changes nothing; the program runs as it did before.
void process_protect(void);

#endif
