/**
 * Gives the strings of an XML document the shape that a schema says: lists with one element or none, booleans, numbers.
 * What the schema does not tell stays as it is.
 */
export function shapeXml(schema: unknown, value: unknown): unknown {
  switch (memberOf(schema, 'type')) {
    case 'object':
      return shapeObject(schema, value);
    case 'array':
      return shapeList(schema, value);
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'integer':
    case 'number':
      return typeof value === 'string' && value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    default:
      return value;
  }
}

function shapeObject(schema: unknown, value: unknown): unknown {
  const properties = memberOf(schema, 'properties');
  if (!isObject(properties)) return value;
  // An element without children reads as an empty text.
  const members = isObject(value) ? value : value === '' ? {} : undefined;
  if (members === undefined) return value;
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, shapeXml(memberOf(properties, name), member)]),
  );
}

function shapeList(schema: unknown, value: unknown): unknown[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => shapeXml(memberOf(schema, 'items'), item));
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
