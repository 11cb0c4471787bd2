#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  uvec4 fs_c0[64];
};
flat in uvec4 v_generic0;
flat in uvec4 v_generic1;
layout(location = 0) out uvec4 frag0;
layout(location = 1) out uvec4 frag1;
uint vg_mulhighu(uint a, uint b) { uint al = a & 0xffffu; uint ah = a >> 16u; uint bl = b & 0xffffu; uint bh = b >> 16u; uint m = ah * bl + ((al * bl) >> 16u); uint n = al * bh + (m & 0xffffu); return ah * bh + (m >> 16u) + (n >> 16u); }
int vg_mulhighi(int a, int b) { uint h = vg_mulhighu(uint(a), uint(b)); if (a < 0) h -= uint(b); if (b < 0) h -= uint(a); return int(h); }
ivec4 vg_mulhighi(ivec4 a, ivec4 b) { return ivec4(vg_mulhighi(a.x, b.x), vg_mulhighi(a.y, b.y), vg_mulhighi(a.z, b.z), vg_mulhighi(a.w, b.w)); }
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t1 = uvec4(vg_mulhighi(ivec4(fs_c0[clamp(addr0.x, 0, 63)]), ivec4(fs_c0[clamp(addr0.x + 1, 0, 63)])));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
