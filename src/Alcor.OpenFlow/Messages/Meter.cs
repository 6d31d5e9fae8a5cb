namespace Alcor.OpenFlow;

public enum MeterModCommand
{
    Add = 0,
    Modify = 1,
    Delete = 2,
}

/// <summary>What the rates of a meter's bands count in.</summary>
public enum MeterUnit
{
    KilobitsPerSecond = 1,
    PacketsPerSecond = 2,
}

/// <summary>
/// Packets beyond the rate are dropped; <paramref name="Burst"/> more of them, in the meter's unit, pass at once.
/// Without one the switch chooses.
/// </summary>
public sealed record MeterBand(uint Rate, uint? Burst = null)
{
    public override string ToString() => $"type=drop rate={Rate}{(Burst is { } burst ? $" burst_size={burst}" : "")}";
}

/// <summary>
/// OpenFlow 1.4.1 section 5.7, with bands that drop. Open vSwitch wants exactly one band; all bands of a meter have a
/// burst size or none has.
/// </summary>
public sealed record Meter(uint Id, MeterUnit Unit, ValueList<MeterBand> Bands)
{
    /// <summary>Every meter; for deleting and for reading only.</summary>
    public const uint AllMeters = 0xffff_ffff;

    /// <summary>As <c>ovs-ofctl add-meter</c> takes it.</summary>
    public override string ToString()
    {
        var unit = Unit == MeterUnit.KilobitsPerSecond ? "kbps" : "pktps";
        var burst = Bands.Any(band => band.Burst is not null) ? " burst" : "";
        return $"meter={Id} {unit}{burst} bands={Bands}";
    }
}
