namespace Alcor.Ovsdb.Tests;

/// <summary>Random values, biased towards the edges.</summary>
internal static class Generate
{
    private static readonly string[] Strings =
    [
        "", "a", "br-int", "\"quoted\"", "back\\slash", "line\nfeed", "tab\t", "ünï", "漢字", "\U0001F600", "{[", "]}",
    ];

    public static OvsdbAtom Atom(Random random) => random.Next(6) switch
    {
        0 => OvsdbAtom.OfInteger(random.Next(4) switch
        {
            0 => long.MinValue,
            1 => long.MaxValue,
            2 => random.Next(-3, 4),
            _ => random.NextInt64(),
        }),
        1 => OvsdbAtom.OfReal(random.Next(4) switch
        {
            0 => random.Next(-3, 4),
            1 => 1e300 * random.NextDouble(),
            2 => double.Epsilon,
            _ => random.NextDouble(),
        }),
        2 => OvsdbAtom.OfBoolean(random.Next(2) == 0),
        3 => OvsdbAtom.OfString(Text(random)),
        4 => OvsdbAtom.OfUuid(Uuid(random)),
        _ => OvsdbAtom.OfNamedUuid("row" + random.Next(5)),
    };

    public static OvsdbValue Value(Random random)
    {
        var count = random.Next(5);
        if (random.Next(2) == 0) return OvsdbValue.Set(Enumerable.Range(0, count).Select(_ => Atom(random)));
        var pairs = new Dictionary<OvsdbAtom, OvsdbAtom>();
        for (var i = 0; i < count; i++) pairs[Atom(random)] = Atom(random);
        return OvsdbValue.Map(pairs);
    }

    public static OvsdbRow Row(Random random) =>
        OvsdbRow.Of(Enumerable.Range(0, random.Next(6)).Select(i => ("column" + i, Value(random))));

    public static string Text(Random random) =>
        Strings[random.Next(Strings.Length)] + Strings[random.Next(Strings.Length)];

    public static Guid Uuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original.ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < bytes.Count: bytes.RemoveAt(at); break;
                case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.Insert(at, (byte)"[]{}\",:\\u0e-1"[random.Next(13)]); break;
                default: bytes = [.. bytes.Take(at)]; break;
            }
        }

        return [.. bytes];
    }
}
