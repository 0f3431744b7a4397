/** Our own JavaScript types: `int8` is a bigint, and `date` is the text YYYY-MM-DD, never a moment in some time zone. */
export type JavaScriptTypes = { bigint: bigint; date: string };
