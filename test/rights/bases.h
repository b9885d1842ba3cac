// Framsteget with purposes more, for tests of what people stop.
#ifndef FORVAR_TEST_RIGHTS_BASES_H
#define FORVAR_TEST_RIGHTS_BASES_H

#include "../core/act.h"

// Framsteget with two purposes that rest on an interest, and one that goes on for claims.
static const struct act_edit with_studies[] = {
    {"version: 1", "version: 2"},
    {"  access_log:\n",
     "  study_log:\n"
     "    kinds: [customer]\n"
     "    fields: [traffic.ip]\n"
     "    source: [generated]\n"
     "    for: [study]\n"
     "  habit_log:\n"
     "    kinds: [customer]\n"
     "    fields: [traffic.ip]\n"
     "    source: [generated]\n"
     "    for: [habits]\n"
     "  access_log:\n"},
    {"  security:\n    title:",
     "  study:\n"
     "    title: {sv: Studie, en: Study}\n"
     "    about: [customer]\n"
     "    basis: {customer: {interest: {sv: lära, en: learn}, assessment: lia-study}}\n"
     "    uses: [traffic.ip]\n"
     "    keep: while customer\n"
     "    at_once: [objection]\n"
     "  habits:\n"
     "    title: {sv: Vanor, en: Habits}\n"
     "    about: [customer]\n"
     "    basis: {customer: {interest: {sv: lära, en: learn}, assessment: lia-study}}\n"
     "    uses: [traffic.ip]\n"
     "    keep: exactly 60 days after recorded\n"
     "  security:\n    title:"},
    {"    uses: [traffic.ip]\n    # FR-49",
     "    uses: [traffic.ip]\n    restricted_use: {ground: claims}\n    # FR-49"},
    {"  security:\n    for: [security]", "  security:\n    for: [security, study, habits]"},
};

// A purpose on each basis.
static const struct act_edit with_bases[] = {
    {"version: 1", "version: 2"},
    {"    for: [security]\n    promises: [FR-36]",
     "    for: [security, interest, law, contract, marketing]\n    promises: [FR-36]"},
    {"  security:\n    title:",
     "  interest:\n"
     "    title: {sv: A, en: A}\n"
     "    about: [customer]\n"
     "    basis: {customer: {interest: {sv: lära, en: learn}, assessment: lia-study}}\n"
     "    uses: [traffic.ip]\n"
     "    keep: while customer\n"
     "  law:\n"
     "    title: {sv: B, en: B}\n"
     "    about: [customer]\n"
     "    basis: {customer: {law: se.bookkeeping}}\n"
     "    uses: [traffic.ip]\n"
     "    keep: while customer\n"
     "  contract:\n"
     "    title: {sv: D, en: D}\n"
     "    about: [customer]\n"
     "    basis: {customer: {contract: any contract.running}}\n"
     "    uses: [traffic.ip]\n"
     "    keep: while customer\n"
     "  marketing:\n"
     "    title: {sv: E, en: E}\n"
     "    about: [customer]\n"
     "    basis: {customer: {interest: {sv: sälja, en: sell}, assessment: lia-dm}}\n"
     "    uses: [traffic.ip, contact.email]\n"
     "    keep: while customer\n"
     "    marketing: {channels: [email], similar: [goods]}\n"
     "  security:\n    title:"},
    {"  security:\n    for: [security]",
     "  security:\n    for: [security, interest, law, contract, marketing]"},
};

#endif
