/**
 * Payload layouts of the video commands, all refused today; kept so that a dump can name their fields.
 *
 * Source of the numbers: virgl_protocol.h. A plain constant is an index relative to the command's header dword
 * (`dw[at + VIRGL_…]`), or a payload length in dwords where the name ends in SIZE. A function of `n` is the index of the
 * nth repetition. A function of `dword` reads one bit field out of that dword.
 */
export const VIRGL_CREATE_VIDEO_CODEC_MIN_SIZE = 7;
export const VIRGL_CREATE_VIDEO_CODEC_HANDLE = 1;
export const VIRGL_CREATE_VIDEO_CODEC_PROFILE = 2;
export const VIRGL_CREATE_VIDEO_CODEC_ENTRYPOINT = 3;
export const VIRGL_CREATE_VIDEO_CODEC_CHROMA_FMT = 4;
export const VIRGL_CREATE_VIDEO_CODEC_LEVEL = 5;
export const VIRGL_CREATE_VIDEO_CODEC_WIDTH = 6;
export const VIRGL_CREATE_VIDEO_CODEC_HEIGHT = 7;
export const VIRGL_CREATE_VIDEO_CODEC_MAX_REF = 8;

export const VIRGL_DESTROY_VIDEO_CODEC_MIN_SIZE = 1;
export const VIRGL_DESTROY_VIDEO_CODEC_HANDLE = 1;

export const VIRGL_CREATE_VIDEO_BUFFER_MIN_SIZE = 5;
export const VIRGL_CREATE_VIDEO_BUFFER_HANDLE = 1;
export const VIRGL_CREATE_VIDEO_BUFFER_FORMAT = 2;
export const VIRGL_CREATE_VIDEO_BUFFER_WIDTH = 3;
export const VIRGL_CREATE_VIDEO_BUFFER_HEIGHT = 4;
export const VIRGL_CREATE_VIDEO_BUFFER_RES_BASE = 5;

export const VIRGL_DESTROY_VIDEO_BUFFER_MIN_SIZE = 1;
export const VIRGL_DESTROY_VIDEO_BUFFER_HANDLE = 1;

export const VIRGL_BEGIN_FRAME_MIN_SIZE = 2;
export const VIRGL_BEGIN_FRAME_CDC_HANDLE = 1;
export const VIRGL_BEGIN_FRAME_TGT_HANDLE = 2;

export const VIRGL_DECODE_BS_MIN_SIZE = 5;
export const VIRGL_DECODE_BS_CDC_HANDLE = 1;
export const VIRGL_DECODE_BS_TGT_HANDLE = 2;
export const VIRGL_DECODE_BS_DSC_HANDLE = 3;
export const VIRGL_DECODE_BS_BUF_HANDLE = 4;
export const VIRGL_DECODE_BS_BUF_SIZE = 5;

export const VIRGL_ENCODE_BS_MIN_SIZE = 5;
export const VIRGL_ENCODE_BS_CDC_HANDLE = 1;
export const VIRGL_ENCODE_BS_SRC_HANDLE = 2;
export const VIRGL_ENCODE_BS_DEST_HANDLE = 3;
export const VIRGL_ENCODE_BS_DESC_HANDLE = 4;
export const VIRGL_ENCODE_BS_FEED_HANDLE = 5;

export const VIRGL_END_FRAME_MIN_SIZE = 2;
export const VIRGL_END_FRAME_CDC_HANDLE = 1;
export const VIRGL_END_FRAME_TGT_HANDLE = 2;
