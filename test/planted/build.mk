# Builds the simulator and the decade out of the folders that they need and of nothing else, so that a planted bug
# costs one compilation and one link.
#
#   make -f test/planted/build.mk TREE=FOLDER OUT=FOLDER LAW_TABLE=FILE
#
# LAW_TABLE is the table of law that a build has made of law/*.yaml.
FOLDERS := base policy gate vault store ledger core retain rights notify
PARTS := $(filter-out %/law_compile.c %/law_source.c, \
    $(foreach folder,$(FOLDERS),$(wildcard $(TREE)/src/$(folder)/*.c))) \
  $(filter-out %/main.c,$(wildcard $(TREE)/src/verify/*.c)) \
  $(wildcard $(TREE)/test/sim/crash_*.c) $(TREE)/test/sim/oracle_time.c
SIM := $(wildcard $(TREE)/test/sim/life_*.c) $(TREE)/test/sim/sim.c \
  $(filter-out %/oracle_time.c,$(wildcard $(TREE)/test/sim/oracle*.c))
DECADE := $(wildcard $(TREE)/test/sim/decade*.c)
OBJECTS := $(PARTS:$(TREE)/%.c=$(OUT)/%.o) $(OUT)/law_table.o
PACKAGES := sqlite3 libpq libsodium libcrypto jansson yaml-0.1 icu-i18n icu-uc

CFLAGS := -std=gnu17 -O1 -D_FILE_OFFSET_BITS=64 -MMD -I$(TREE)/src -I$(TREE)/include -I$(OUT) \
  -DFORVAR_SOURCE_ROOT='"$(TREE)"' $(shell pkg-config --cflags $(PACKAGES))

.PHONY: all
all: $(OUT)/sim $(OUT)/decade

$(OUT)/sim: $(SIM:$(TREE)/%.c=$(OUT)/%.o) $(OBJECTS)
$(OUT)/decade: $(DECADE:$(TREE)/%.c=$(OUT)/%.o) $(OBJECTS)
$(OUT)/sim $(OUT)/decade:
	$(CC) -o $@ $^ $(shell pkg-config --libs $(PACKAGES)) -pthread

$(OUT)/%.o: $(TREE)/%.c $(OUT)/base/version.h $(OUT)/verify/version.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(OUT)/law_table.o: $(LAW_TABLE)
	$(CC) $(CFLAGS) -c -o $@ $<

$(OUT)/%/version.h: $(TREE)/src/%/version.h.in
	@mkdir -p $(@D)
	sed 's/@[A-Za-z_]*@/planted/' $< >$@

-include $(OBJECTS:.o=.d) $(SIM:$(TREE)/%.c=$(OUT)/%.d) $(DECADE:$(TREE)/%.c=$(OUT)/%.d)
