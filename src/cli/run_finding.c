// policy explain of a finding of the checker.
#include "cli/run_finding.h"

#include "cli/output.h"

enum err_code explain_finding(struct call *call, enum finding_id id, struct err *err)
{
  const struct finding_row *row = finding_row(id);
  print(call, "%s (%s)%s%s: %s", row->id, severity_name(row->severity),
        row->article[0] == '\0' ? "" : ", ", row->article, row->summary);
  print(call, "  would cause: %s", row->consequence);
  if (finding_text(id)[0] != '\0')
    print(call, "  %s", finding_text(id));
  OWNED(document) struct document *document = output_document(call, "finding");
  if (document == NULL)
    return ERR_OK;
  document_set_text(document, "id", view_of(row->id));
  document_set_text(document, "severity", view_of(severity_name(row->severity)));
  document_set_text(document, "article", view_of(row->article));
  document_set_text(document, "summary", view_of(row->summary));
  document_set_text(document, "consequence", view_of(row->consequence));
  document_set_text(document, "text", view_of(finding_text(id)));
  return output_write(call, &document, err);
}
