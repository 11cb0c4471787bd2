/**
 * Payload layouts of queries and conditional rendering.
 *
 * Source of the numbers: virgl_protocol.h. A plain constant is an index relative to the command's header dword
 * (`dw[at + VIRGL_…]`), or a payload length in dwords where the name ends in SIZE. A function of `n` is the index of the
 * nth repetition. A function of `dword` reads one bit field out of that dword.
 */
/** A result is written as u32 state, u32 result size, u64 result (struct virgl_host_query_state). */
export const VIRGL_QUERY_STATE_NEW = 0;
export const VIRGL_QUERY_STATE_DONE = 1;
export const VIRGL_QUERY_STATE_WAIT_HOST = 2;

export const VIRGL_OBJ_QUERY_SIZE = 4;
export const VIRGL_OBJ_QUERY_HANDLE = 1;
export const VIRGL_OBJ_QUERY_TYPE_INDEX = 2;
export const VIRGL_OBJ_QUERY_TYPE = (dword: number): number => dword & 0xffff;
export const VIRGL_OBJ_QUERY_INDEX = (dword: number): number => (dword >>> 16) & 0xffff;
export const VIRGL_OBJ_QUERY_OFFSET = 3;
export const VIRGL_OBJ_QUERY_RES_HANDLE = 4;

export const VIRGL_QUERY_BEGIN_HANDLE = 1;

export const VIRGL_QUERY_END_HANDLE = 1;

export const VIRGL_QUERY_RESULT_SIZE = 2;
export const VIRGL_QUERY_RESULT_HANDLE = 1;
export const VIRGL_QUERY_RESULT_WAIT = 2;

export const VIRGL_RENDER_CONDITION_SIZE = 3;
export const VIRGL_RENDER_CONDITION_HANDLE = 1;
export const VIRGL_RENDER_CONDITION_CONDITION = 2;
export const VIRGL_RENDER_CONDITION_MODE = 3;

export const VIRGL_QUERY_RESULT_QBO_SIZE = 6;
export const VIRGL_QUERY_RESULT_QBO_HANDLE = 1;
export const VIRGL_QUERY_RESULT_QBO_QBO_HANDLE = 2;
export const VIRGL_QUERY_RESULT_QBO_WAIT = 3;
export const VIRGL_QUERY_RESULT_QBO_RESULT_TYPE = 4;
export const VIRGL_QUERY_RESULT_QBO_OFFSET = 5;
export const VIRGL_QUERY_RESULT_QBO_INDEX = 6;
