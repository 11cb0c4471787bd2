#version 300 es
precision highp float;
precision highp int;
in float v_clip0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  if (v_clip0 < 0.0) discard;
  out0 = vec4(1.0, 0.5, 0.25, 0.125);
  frag0 = out0;
}
