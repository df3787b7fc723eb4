// Set a field from a script, so that the scripts that listen to it hear of it.
/** Sets a field as if it had been typed. */
export function setValue(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
