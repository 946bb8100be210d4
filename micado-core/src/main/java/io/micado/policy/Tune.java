package io.micado.policy;
public final class Tune {
    public static void set(String k, double v) { try { Tune.class.getField(k).setDouble(null, v); } catch (Exception e) { throw new IllegalStateException(e); } }
    static double d(String k, double v) { String s = System.getProperty(k); return s == null ? v : Double.parseDouble(s); }
    public static double FLOOR = d("floor", 0.15), P0 = d("p0", 0.01), PMIN = d("pmin", 0.0002), PMAX = d("pmax", 0.25), K = d("K", 24), M = d("M", 0.99),
        OUTX = d("outx", 0.04), INX = d("inx", 0.06), ALPHA = d("alpha", 0.5), MIX = d("mix", 1), LOSSHL = d("losshl", 24), FAST = d("fast", 4), HH = d("hh", 14), AHEAD = d("ahead", 0), PSEL = d("psel", 0.003), FIRST = d("first", 1), K0 = d("k0", 0.5), KG = d("kg", 0.1), CH = d("ch", 48), SATT = d("satt", 1.5), SATF = d("satf", 1), ENVP = d("envp", 0.05), BURST = d("burst", 0.0005), FORCE = d("force", -1), FASTN = d("fastn", 1), SEL=d("sel",1), DBG = d("dbg",0);
}
