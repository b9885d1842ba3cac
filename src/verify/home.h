// A home: the folder with data.db, or that SQLite file itself. Nothing in the folder is ever
// changed and no file is made there. How the file is read depends on what stands beside it:
//   no -wal and no -shm   at rest: read as immutable, without locks
//   a -shm                perhaps in use: read in one transaction through the -wal, with locks
//   a -wal only           a copy, or left by a crash: the -wal is read without locks and without
//                         the -shm that SQLite would make otherwise
// Where no locks are taken, the files are looked at again in the end; if they changed meanwhile,
// the home is unreadable rather than wrong.
#ifndef FORVAR_VERIFY_HOME_H
#define FORVAR_VERIFY_HOME_H

#include "verify/report.h"

VERIFY_MUST_CHECK enum verify_outcome verify_home(struct verify_report *report);

#endif
