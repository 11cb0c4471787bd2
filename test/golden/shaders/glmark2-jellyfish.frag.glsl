#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[2];
};
in vec4 v_generic0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  vec4 t0;
  t0.x = v_generic0.x * v_generic0.y;
  out0.xyz = mix(fs_c0[0].xyz, fs_c0[1].xyz, vec3(t0.x));
  out0.w = 1.0;
  frag0 = out0;
}
