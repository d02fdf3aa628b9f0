#include <string.h>
#include <yaml.h>

// Swift reads a member of a C union by copying the whole union; with a million events that copy is what costs most.
static inline const yaml_char_t *maasc_scalar_value(const yaml_event_t *event) { return event->data.scalar.value; }
static inline size_t maasc_scalar_length(const yaml_event_t *event) { return event->data.scalar.length; }
static inline yaml_scalar_style_t maasc_scalar_style(const yaml_event_t *event) { return event->data.scalar.style; }
static inline const yaml_char_t *maasc_alias_name(const yaml_event_t *event) { return event->data.alias.anchor; }

static inline const yaml_char_t *maasc_anchor(const yaml_event_t *event) {
  switch (event->type) {
    case YAML_SCALAR_EVENT: return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT: return event->data.mapping_start.anchor;
    default: return NULL;
  }
}

static inline const yaml_char_t *maasc_tag(const yaml_event_t *event) {
  switch (event->type) {
    case YAML_SCALAR_EVENT: return event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT: return event->data.mapping_start.tag;
    default: return NULL;
  }
}

// Whether a scalar's value is the same bytes as the file has at its place.
static inline int maasc_scalar_is(const yaml_event_t *event, const unsigned char *bytes) {
  return memcmp(event->data.scalar.value, bytes, event->data.scalar.length) == 0;
}
