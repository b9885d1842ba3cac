#include "policy/known.h"

#include "base/attr.h"

#include <stdbool.h>
#include <string.h>

static const struct known_finding rows[] = {
    {"L-01", "matforum", "NA01", ""},
    {"L-02", "matforum", "ST09", ""},
    {"L-02", "matforum", "C06", ""},
    {"L-03", "matforum", "C05", ""},
    {"L-04", "matforum", "KR01", ""},
    {"L-04", "matforum", "NT02", ""},
    {"L-04", "matforum", "NT06", ""},
    {"L-04", "matforum", "NT07", ""},
    {"L-04", "matforum", "NT09", ""},
    {"L-04", "matforum", "NT10", ""},
    {"L-04", "matforum", "NT11", ""},
    {"L-05", "matforum", "ST01", ""},
    {"L-06", "matforum", "M13", "purposes.marketing"},
    {"L-06", "matforum", "U02", ""},
    {"L-07", "matforum", "ST02", ""},
    {"L-08", "matforum", "F07", ""},
    {"L-09", "matforum", "F08", ""},
    {"L-10", "matforum", "NA06", ""},
    {"L-11", "micromedic", "C10", ""},
    {"L-12", "micromedic", "NA03", ""},
    {"L-12", "micromedic", "D02", ""},
    {"L-13", "micromedic", "RI01", ""},
    {"L-14", "micromedic", "X10", ""},
    {"L-15", "micromedic", "KR01", ""},
    {"L-15", "micromedic", "U02", ""},
    {"L-16", "framsteget", "NA02", ""},
    {"L-16", "framsteget", "C04", ""},
    {"L-16", "micromedic", "NA02", ""},
    {"L-16", "micromedic", "C04", ""},
    {"L-16", "optimera", "NA02", ""},
    {"L-16", "optimera", "C04", ""},
    {"L-16", "sensoralarm", "NA02", ""},
    {"L-16", "sensoralarm", "C04", ""},
    {"L-17", "micromedic", "RI02", ""},
    {"L-17", "micromedic", "ST07", ""},
    {"L-18", "micromedic", "P06", ""},
    {"L-19", "sensoralarm", "D02", ""},
    {"L-20", "sensoralarm", "ST03", ""},
    {"L-20", "sensoralarm", "U02", "purposes.site_analysis"},
    {"L-21", "framsteget", "B05", "purposes.improvement"},
    {"L-21", "sensoralarm", "B05", "purposes.satisfaction"},
    {"L-22", "sensoralarm", "M13", "purposes.referrals"},
    {"L-22", "sensoralarm", "U02", "purposes.referrals"},
    {"L-22", "sensoralarm", "ST04", "statements.tipster_told"},
    {"L-23", "sensoralarm", "ST04", "statements.customer_told"},
    {"L-23", "sensoralarm", "M07", ""},
    {"L-24", "sensoralarm", "KR01", ""},
    {"L-25", "sensoralarm", "X09", ""},
    {"L-26", "sensoralarm", "R03", ""},
    {"L-26", "sensoralarm", "U02", "purposes.leads"},
    {"L-27", "sensoralarm", "U08", ""},
    {"L-27", "sensoralarm", "U02", "purposes.recording"},
    {"L-28", "sensoralarm", "RI03", ""},
    {"L-29", "sensoralarm", "M08", ""},
    {"L-30", "optimera", "F02", ""},
    {"L-31", "optimera", "B05", "purposes.club_offers"},
    {"L-32", "optimera", "M06", "purposes.newsletter"},
    {"L-33", "optimera", "J04", ""},
    {"L-34", "optimera", "KR13", ""},
    {"L-35", "optimera", "ST05", ""},
    {"L-36", "optimera", "M09", ""},
    {"L-37", "optimera", "X11", ""},
    {"L-38", "optimera", "ST08", ""},
    {"L-38", "optimera", "D01", ""},
    {"L-39", "optimera", "RI02", ""},
    {"L-40", "optimera", "NT10", ""},
    {"L-41", "framsteget", "C03", ""},
    {"L-42", "framsteget", "C11", ""},
    {"L-43", "framsteget", "Z01", "rights.access"},
    {"L-44", "framsteget", "NA04", ""},
    {"L-44", "framsteget", "NT02", ""},
    {"L-44", "framsteget", "NT07", ""},
    {"L-44", "framsteget", "NT09", ""},
    {"L-44", "framsteget", "RI04", ""},
    {"L-45", "framsteget", "B05", "purposes.security"},
    {"L-46", "framsteget", "ST06", ""},
    {"L-47", "framsteget", "M13", ""},
    {"L-47", "framsteget", "M12", ""},
    {"L-48", "framsteget", "KR16", ""},
    {"L-49", "framsteget", "DI01", ""},
    {"L-50", "framsteget", "NT12", ""},
    {"L-50", "framsteget", "NT14", ""},
    {"L-50", "matforum", "NT12", ""},
    {"L-50", "matforum", "NT14", ""},
    {"L-50", "micromedic", "NT12", ""},
    {"L-50", "optimera", "NT12", ""},
    {"L-50", "optimera", "NT14", ""},
    {"L-50", "sensoralarm", "NT12", ""},
    {"L-50", "sensoralarm", "NT14", ""},
};

const struct known_finding *known_findings(size_t *ret_count)
{
  *ret_count = ARRAY_COUNT(rows);
  return rows;
}

static bool lies_in(const char *path, const char *construct)
{
  size_t length = strlen(construct);
  return strncmp(path, construct, length) == 0 &&
         (length == 0 || path[length] == '\0' || path[length] == '.');
}

const char *known_finding(const char *policy, const char *finding, const char *path)
{
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    if (strcmp(rows[i].policy, policy) == 0 && strcmp(rows[i].finding, finding) == 0 &&
        lies_in(path, rows[i].at))
      return rows[i].ref;
  return "";
}
