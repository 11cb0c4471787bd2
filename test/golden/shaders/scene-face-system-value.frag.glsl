#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  uvec4 sv0;
  vec4 out0;
  sv0 = uvec4(gl_FrontFacing ? 0xffffffffu : 0u);
  out0 = mix(vec4(3.0), vec4(2.0), notEqual(uvec4(sv0.x), uvec4(0u)));
  frag0 = out0;
}
