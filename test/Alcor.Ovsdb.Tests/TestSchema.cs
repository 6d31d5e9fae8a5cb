namespace Alcor.Ovsdb.Tests;

/// <summary>A small database with a column of every shape that updates treat differently.</summary>
internal static class TestSchema
{
    public static byte[] Json { get; } =
        """
        {"name":"Things","version":"1.0.0","tables":{
          "Thing":{"columns":{
            "name":{"type":"string"},
            "weight":{"type":"real"},
            "size":{"type":{"key":"integer","min":0,"max":1}},
            "tags":{"type":{"key":"string","min":0,"max":"unlimited"}},
            "owner":{"type":{"key":{"type":"uuid","refTable":"Thing","refType":"weak"},"min":0}},
            "options":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}},
            "isRoot":true}}}
        """u8.ToArray();
}
