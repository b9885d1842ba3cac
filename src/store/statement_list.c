#include "store/statement_list.h"

const struct statement_table *const statement_tables[] = {
    &store_catalog_statements,  &store_choice_statements,      &store_consent_statements,
    &store_due_statements,      &store_exception_statements,   &store_hold_statements,
    &store_imported_statements, &store_key_statements,         &store_log_statements,
    &store_lookup_statements,   &store_objection_statements,   &store_operation_statements,
    &store_outbox_statements,   &store_person_statements,      &store_record_statements,
    &store_request_statements,  &store_restriction_statements, &store_service_statements,
    &store_tally_statements,    &store_task_statements,        &store_thing_statements,
};
const size_t statement_tables_count = ARRAY_COUNT(statement_tables);
