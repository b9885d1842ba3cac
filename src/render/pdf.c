#include "render/pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#include "base/calendar.h"

// In points of 1/72 inch.
#define PAPER_WIDTH 595.276
#define PAPER_HEIGHT 841.89
#define MARGIN 56.693  // 2 cm
#define TEXT_WIDTH (PAPER_WIDTH - 2 * MARGIN)
#define BOTTOM (PAPER_HEIGHT - MARGIN)
#define CELL_PADDING 3.0
#define ITEM_INDENT 12.0
#define FOOT_SIZE 8.0

#define FONT_FAMILY "DejaVu Sans, sans-serif"

struct style {
  const char *tag;  // of the structure of the document
  double size;
  bool is_bold;
  double before;  // space
};

static const struct style title_style = {"H1", 18, true, 0};
static const struct style cell_style = {"TD", 8, false, 0};
static const struct style cell_head_style = {"TH", 8, true, 0};
static const struct style caption_style = {"Caption", 9.5, true, 6};
static const struct style block_styles[] = {
    [PAGE_HEADING] = {"H2", 14, true, 16},
    [PAGE_SUBHEADING] = {"H3", 11, true, 10},
    [PAGE_PARAGRAPH] = {"P", 9.5, false, 5},
    [PAGE_ITEM] = {"LI", 9.5, false, 3},
};

struct drawing {
  cairo_surface_t *surface;
  cairo_t *cairo;
  PangoContext *context;
  PangoAttrList *attributes;
  double y;  // where the next thing begins
  int page_number;
  const char *group;  // "L" or "Table": open around what is drawn; NULL: none
  // The table that is being drawn.
  const struct page_block *head;
  double columns[PAGE_COLUMNS_MAX];  // widths
};

// ── Text ────────────────────────────────────────────────────────────────────────────────────

static PangoLayout *layout_new(const struct drawing *drawing, const struct style *style,
                               const char *text, double width)
{
  PangoLayout *layout = pango_layout_new(drawing->context);
  PangoFontDescription *font = pango_font_description_from_string(FONT_FAMILY);
  pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
  pango_font_description_set_weight(font, style->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_attributes(layout, drawing->attributes);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

static double height_of(PangoLayout *layout)
{
  int height = 0;
  pango_layout_get_size(layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

// A structure does not span pages: its group is closed here and opened again by what comes next.
static void end_group(struct drawing *drawing)
{
  if (drawing->group != NULL)
    cairo_tag_end(drawing->cairo, drawing->group);
  drawing->group = NULL;
}

static void begin_group(struct drawing *drawing, const char *group)
{
  if (drawing->group == group)
    return;
  end_group(drawing);
  cairo_tag_begin(drawing->cairo, group, NULL);
  drawing->group = group;
}

static void draw_foot(struct drawing *drawing)
{
  static const struct style foot = {"", FOOT_SIZE, false, 0};
  char number[16];
  (void)snprintf(number, sizeof number, "%d", drawing->page_number);
  PangoLayout *layout = layout_new(drawing, &foot, number, TEXT_WIDTH);
  cairo_move_to(drawing->cairo, PAPER_WIDTH - MARGIN, BOTTOM + FOOT_SIZE);
  pango_cairo_show_layout(drawing->cairo, layout);
  g_object_unref(layout);
}

static void next_page(struct drawing *drawing)
{
  end_group(drawing);
  draw_foot(drawing);
  cairo_show_page(drawing->cairo);
  drawing->page_number++;
  drawing->y = MARGIN;
}

struct placed {
  const struct style *style;
  const char *text;
  double indent;
  double keep_with;      // height that must follow on the same page
  const char *in_group;  // NULL: none
};

static void begin_text(struct drawing *drawing, const struct placed *placed)
{
  if (placed->in_group != NULL)
    begin_group(drawing, placed->in_group);
  else
    end_group(drawing);
  cairo_tag_begin(drawing->cairo, placed->style->tag, NULL);
}

// Line by line, over as many pages as it takes.
static void draw_text(struct drawing *drawing, const struct placed *placed)
{
  PangoLayout *layout =
      layout_new(drawing, placed->style, placed->text, TEXT_WIDTH - placed->indent);
  pango_layout_set_indent(layout, (int)(-placed->indent * PANGO_SCALE));
  PangoLayoutIter *line = pango_layout_get_iter(layout);
  PangoRectangle shape;
  pango_layout_iter_get_line_extents(line, NULL, &shape);
  drawing->y += placed->style->before;
  if (drawing->y + (double)shape.height / PANGO_SCALE + placed->keep_with > BOTTOM)
    next_page(drawing);
  begin_text(drawing, placed);
  do {
    pango_layout_iter_get_line_extents(line, NULL, &shape);
    double height = (double)shape.height / PANGO_SCALE;
    if (drawing->y + height > BOTTOM) {
      cairo_tag_end(drawing->cairo, placed->style->tag);
      next_page(drawing);
      begin_text(drawing, placed);
    }
    double baseline = (double)(pango_layout_iter_get_baseline(line) - shape.y) / PANGO_SCALE;
    double x = MARGIN + placed->indent + (double)shape.x / PANGO_SCALE;
    cairo_move_to(drawing->cairo, x, drawing->y + baseline);
    pango_cairo_show_layout_line(drawing->cairo, pango_layout_iter_get_line_readonly(line));
    drawing->y += height;
  } while (pango_layout_iter_next_line(line));
  cairo_tag_end(drawing->cairo, placed->style->tag);
  pango_layout_iter_free(line);
  g_object_unref(layout);
}

// ── Headings and items ──────────────────────────────────────────────────────────────────────

static void draw_heading(struct drawing *drawing, const struct page_block *block)
{
  enum { ATTRIBUTE_BYTES = PAGE_ANCHOR_BYTES_MAX + 16, FOLLOWING_POINTS = 40 };
  char name[ATTRIBUTE_BYTES];
  char destination[ATTRIBUTE_BYTES];
  const struct style *style = &block_styles[block->kind];
  if (drawing->y + style->before + FOLLOWING_POINTS > BOTTOM)
    next_page(drawing);
  end_group(drawing);
  (void)snprintf(name, sizeof name, "name='%s'", block->anchor);
  (void)snprintf(destination, sizeof destination, "dest='%s'", block->anchor);
  cairo_tag_begin(drawing->cairo, CAIRO_TAG_DEST, name);
  draw_text(drawing, &(struct placed){style, block->cells[0], 0, FOLLOWING_POINTS / 2.0, NULL});
  cairo_tag_end(drawing->cairo, CAIRO_TAG_DEST);
  if (block->kind == PAGE_HEADING)
    cairo_pdf_surface_add_outline(drawing->surface, CAIRO_PDF_OUTLINE_ROOT, block->cells[0],
                                  destination, (cairo_pdf_outline_flags_t)0);
}

static void draw_item(struct drawing *drawing, const struct page_block *block)
{
  const struct style *style = &block_styles[PAGE_ITEM];
  char *text = g_strconcat("•  ", block->cells[0], NULL);
  draw_text(drawing, &(struct placed){style, text, ITEM_INDENT, 0, "L"});
  g_free(text);
}

// ── Tables ──────────────────────────────────────────────────────────────────────────────────

// A column is as wide as the square root of its longest text, so that a long one does not starve
// the others.
static void measure_columns(struct drawing *drawing, const struct page_block *head)
{
  enum { SHORTEST_CHARACTERS = 8 };
  double sum = 0;
  for (int32_t i = 0; i < head->cell_count; i++) {
    glong longest = SHORTEST_CHARACTERS;
    for (const struct page_block *row = head; row != NULL; row = row->next) {
      if (row != head && row->kind != PAGE_TABLE_ROW)
        break;
      longest = MAX(longest, g_utf8_strlen(row->cells[i], -1));
    }
    drawing->columns[i] = sqrt((double)longest);
    sum += drawing->columns[i];
  }
  for (int32_t i = 0; i < head->cell_count; i++)
    drawing->columns[i] *= TEXT_WIDTH / sum;
  drawing->head = head;
}

static const struct style *style_of_cell(const struct page_block *row, int32_t column)
{
  return row->kind == PAGE_TABLE_HEAD || column == 0 ? &cell_head_style : &cell_style;
}

static void draw_cell(struct drawing *drawing, const struct page_block *row, int32_t column,
                      PangoLayout *layout, double x)
{
  char link[PAGE_ANCHOR_BYTES_MAX + 16];
  const char *tag = style_of_cell(row, column)->tag;
  bool is_link = column == 0 && row->anchor[0] != '\0';
  cairo_tag_begin(drawing->cairo, tag, NULL);
  (void)snprintf(link, sizeof link, "dest='%s'", row->anchor);
  if (is_link)
    cairo_tag_begin(drawing->cairo, CAIRO_TAG_LINK, link);
  cairo_move_to(drawing->cairo, x + CELL_PADDING, drawing->y + CELL_PADDING);
  pango_cairo_show_layout(drawing->cairo, layout);
  if (is_link)
    cairo_tag_end(drawing->cairo, CAIRO_TAG_LINK);
  cairo_tag_end(drawing->cairo, tag);
}

static void draw_lines(struct drawing *drawing, int32_t count, double height)
{
  double x = MARGIN;
  cairo_set_line_width(drawing->cairo, 0.5);
  for (int32_t i = 0; i < count; i++) {
    cairo_rectangle(drawing->cairo, x, drawing->y, drawing->columns[i], height);
    x += drawing->columns[i];
  }
  cairo_stroke(drawing->cairo);
}

// A row that no page can hold is told as text, each cell behind the heading of its column.
static void draw_as_text(struct drawing *drawing, const struct page_block *row)
{
  for (int32_t i = 0; i < row->cell_count; i++) {
    char *text = g_strconcat(drawing->head->cells[i], ": ", row->cells[i], NULL);
    draw_text(drawing, &(struct placed){&block_styles[PAGE_PARAGRAPH], text, 0, 0, NULL});
    g_free(text);
  }
}

static void draw_row(struct drawing *drawing, const struct page_block *row)
{
  PangoLayout *layouts[PAGE_COLUMNS_MAX];
  double height = 0;
  for (int32_t i = 0; i < row->cell_count; i++) {
    layouts[i] = layout_new(drawing, style_of_cell(row, i), row->cells[i],
                            drawing->columns[i] - 2 * CELL_PADDING);
    height = MAX(height, height_of(layouts[i]) + 2 * CELL_PADDING);
  }
  bool fits = height < (BOTTOM - MARGIN) / 2;
  if (fits && drawing->y + height > BOTTOM) {
    next_page(drawing);
    if (row->kind == PAGE_TABLE_ROW)
      draw_row(drawing, drawing->head);
  }
  if (fits) {
    double x = MARGIN;
    begin_group(drawing, "Table");
    cairo_tag_begin(drawing->cairo, "TR", NULL);
    for (int32_t i = 0; i < row->cell_count; i++) {
      draw_cell(drawing, row, i, layouts[i], x);
      x += drawing->columns[i];
    }
    cairo_tag_end(drawing->cairo, "TR");
    draw_lines(drawing, row->cell_count, height);
    drawing->y += height;
  } else {
    draw_as_text(drawing, row);
  }
  for (int32_t i = 0; i < row->cell_count; i++)
    g_object_unref(layouts[i]);
}

static void draw_table_head(struct drawing *drawing, const struct page_block *head)
{
  enum { FOLLOWING_POINTS = 60 };
  measure_columns(drawing, head);
  draw_text(drawing, &(struct placed){&caption_style, head->caption, 0, FOLLOWING_POINTS, NULL});
  drawing->y += CELL_PADDING;
  draw_row(drawing, head);
}

// ── The document ────────────────────────────────────────────────────────────────────────────

static void draw_block(struct drawing *drawing, const struct page_block *block)
{
  switch (block->kind) {
    case PAGE_HEADING:
    case PAGE_SUBHEADING:
      draw_heading(drawing, block);
      break;
    case PAGE_PARAGRAPH:
      draw_text(drawing,
                &(struct placed){&block_styles[PAGE_PARAGRAPH], block->cells[0], 0, 0, NULL});
      break;
    case PAGE_ITEM:
      draw_item(drawing, block);
      break;
    case PAGE_TABLE_HEAD:
      draw_table_head(drawing, block);
      break;
    case PAGE_TABLE_ROW:
      draw_row(drawing, block);
      break;
  }
}

static cairo_status_t add_bytes(void *context, const unsigned char *bytes, unsigned int length)
{
  struct str *text = context;
  str_add(text, view_bytes(bytes, length));
  return str_ok(text) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_NO_MEMORY;
}

static void set_metadata(cairo_surface_t *surface, const struct page *page, int64_t made_day)
{
  char day[CALENDAR_TEXT_BYTES];
  char made[CALENDAR_TEXT_BYTES + sizeof "T00:00:00Z"];
  calendar_write_date(made_day, day);
  (void)snprintf(made, sizeof made, "%sT00:00:00Z", day);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page->title);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "forvar");
}

static void draw_page(struct drawing *drawing, const struct page *page)
{
  cairo_tag_begin(drawing->cairo, "Document", NULL);
  draw_text(drawing, &(struct placed){&title_style, page->title, 0, 0, NULL});
  for (const struct page_block *block = page->first; block != NULL; block = block->next)
    draw_block(drawing, block);
  end_group(drawing);
  cairo_tag_end(drawing->cairo, "Document");
  draw_foot(drawing);
}

static bool has_font(PangoContext *context)
{
  PangoFontDescription *description = pango_font_description_from_string(FONT_FAMILY);
  PangoFont *font = pango_context_load_font(context, description);
  pango_font_description_free(description);
  if (font == NULL)
    return false;
  g_object_unref(font);
  return true;
}

static void end_drawing(struct drawing *drawing)
{
  pango_attr_list_unref(drawing->attributes);
  g_object_unref(drawing->context);
}

static enum err_code draw(const struct page *page, cairo_surface_t *surface, PangoFontMap *fonts,
                          struct err *err)
{
  struct drawing drawing = {.surface = surface, .y = MARGIN, .page_number = 1};
  drawing.context = pango_font_map_create_context(fonts);
  pango_context_set_language(drawing.context, pango_language_from_string(page->language));
  drawing.attributes = pango_attr_list_new();
  // Each letter by itself, so that what is copied out of the document is what was written.
  pango_attr_list_insert(drawing.attributes, pango_attr_font_features_new("liga=0, clig=0"));
  if (!has_font(drawing.context)) {
    end_drawing(&drawing);
    err_set(err, ERR_SYSTEM, "there is no font to write a PDF with");
    return err_hint(err, "install one, such as the package fonts-dejavu-core");
  }
  drawing.cairo = cairo_create(surface);
  draw_page(&drawing, page);
  cairo_status_t status = cairo_status(drawing.cairo);
  cairo_destroy(drawing.cairo);
  end_drawing(&drawing);
  cairo_surface_finish(surface);
  status = status == CAIRO_STATUS_SUCCESS ? cairo_surface_status(surface) : status;
  if (status == CAIRO_STATUS_SUCCESS)
    return ERR_OK;
  return err_set(err, status == CAIRO_STATUS_NO_MEMORY ? ERR_MEMORY : ERR_SYSTEM,
                 "the PDF could not be drawn: %s", cairo_status_to_string(status));
}

enum err_code pdf_write(const struct page *page, int64_t made_day, struct str *ret_text,
                        struct err *err)
{
  enum err_code code = page_check(page, err);
  if (code != ERR_OK)
    return code;
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream(add_bytes, ret_text, PAPER_WIDTH, PAPER_HEIGHT);
  PangoFontMap *fonts = pango_cairo_font_map_new();  // of its own: threads share nothing
  set_metadata(surface, page, made_day);
  code = draw(page, surface, fonts, err);
  g_object_unref(fonts);
  cairo_surface_destroy(surface);
  return code;
}
