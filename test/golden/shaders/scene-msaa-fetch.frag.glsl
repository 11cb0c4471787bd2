#version 320 es
precision highp float;
precision highp int;
uniform highp sampler2DMS fs_s0;
uniform highp usampler2DMSArray fs_s1;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  ivec4 t0;
  uvec4 t1;
  in0 = gl_FragCoord;
  t0.xy = ivec2(in0.xy);
  t0.z = 1;
  t0.w = 2;
  t1 = floatBitsToUint(texelFetch(fs_s0, t0.xy, t0.w));
  out0 = uintBitsToFloat(t1);
  t1.x = texelFetch(fs_s1, t0.xyz, t0.w).x;
  out0.x = float(int(t1.x));
  frag0 = out0;
}
