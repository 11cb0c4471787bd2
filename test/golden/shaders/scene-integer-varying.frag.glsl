#version 300 es
precision highp float;
precision highp int;
flat in uvec4 v_generic0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  out0 = vec4(ivec4(int(v_generic0.x)));
  frag0 = out0;
}
