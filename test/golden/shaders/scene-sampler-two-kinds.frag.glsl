#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D fs_s1;
uniform highp sampler2DShadow fs_s1_1;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  in0 = gl_FragCoord;
  t0 = texture(fs_s1, in0.xy);
  t1 = vec4(texture(fs_s1_1, vec3(in0.xy, in0.z)));
  out0 = t0 + t1;
  frag0 = out0;
}
