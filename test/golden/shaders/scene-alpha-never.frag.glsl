#version 300 es
precision highp float;
precision highp int;
in vec4 v_generic0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  out0.xyz = vec3(1.0);
  out0.w = v_generic0.w;
  discard;
  frag0 = out0;
}
