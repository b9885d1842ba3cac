// What the rows of the table run.
#ifndef FORVAR_CLI_COMMANDS_H
#define FORVAR_CLI_COMMANDS_H

#include "cli/command.h"

typedef enum err_code command_function(struct call *call, struct err *err);

command_function run_init, run_doctor, run_clock_release, run_epoch_change, run_service_add;
command_function run_policy_check, run_policy_activate, run_policy_show, run_policy_explain,
    run_policy_diff, run_policy_plan, run_policy_history, run_policy_approve, run_policy_print,
    run_policy_promises, run_policy_schema;
command_function run_notice_render, run_register_render;
command_function run_subject_add, run_subject_find, run_subject_show, run_subject_timeline;
command_function run_thing_add, run_thing_show, run_event_add, run_event_retract;
command_function run_record_put, run_record_get, run_record_list, run_record_correct,
    run_explain_use;
command_function run_marketing_opt_out, run_request_add, run_request_close;
command_function run_subject_mark, run_party_allow, run_party_withdraw, run_glass_open;
command_function run_consent_ask, run_consent_give, run_consent_refuse, run_consent_withdraw,
    run_consent_show;
command_function run_objection_add, run_objection_list, run_objection_show, run_objection_decide,
    run_objection_withdraw;
command_function run_restriction_add, run_restriction_list, run_restriction_show,
    run_restriction_tell, run_restriction_lift;
command_function run_subject_merge, run_subject_split;
command_function run_task_list, run_task_show, run_task_confirm, run_task_fail;
command_function run_erase_plan, run_erase_apply, run_erase_verify;
command_function run_hold_add, run_hold_list, run_hold_show, run_hold_review, run_hold_propose,
    run_hold_approve;
command_function run_retention_plan, run_retention_apply, run_retention_run, run_retention_explain,
    run_retention_forecast, run_retention_status, run_retention_confirm;
command_function run_statistic_make, run_statistic_left;
command_function run_ledger_head, run_ledger_show, run_ledger_export, run_ledger_verify;
command_function run_import_plan, run_import_apply, run_import_undo, run_import_list;
command_function run_serve, run_demo, run_test, run_version, run_help;
command_function run_man, run_completion, run_page;

#endif
