namespace Alcor.OpenFlow;

/// <summary>
/// OFPT_METER_MOD (OpenFlow 1.4.1 section 7.3.4.4), and meters as OFPMP_METER_CONFIG tells them (7.3.5.10).
/// </summary>
internal static class MeterCodec
{
    private const ushort DropBand = 1;
    private const ushort BandLength = 16;
    private const ushort UnitMask = 3;
    private const ushort BurstFlag = 4;
    private const ushort StatisticsFlag = 8;

    public static void Write(WireWriter writer, OpenFlowMessage.MeterModification modification)
    {
        writer.UInt16((ushort)modification.Command);
        WriteMeter(writer, modification.Meter);
    }

    public static void WriteConfiguration(WireWriter writer, Meter meter)
    {
        var start = writer.Length;
        writer.UInt16(0);
        WriteMeter(writer, meter);
        writer.FillLength(start, start);
    }

    public static OpenFlowMessage.MeterModification Read(ref WireReader body)
    {
        var command = (MeterModCommand)MessageReader.Enumerated(
            body.UInt16(), (int)MeterModCommand.Delete, "meter-mod command");
        return new OpenFlowMessage.MeterModification(command, ReadMeter(ref body));
    }

    public static Meter ReadConfiguration(ref WireReader body)
    {
        var entry = body.Slice(body.LengthAfter(0, 8));
        return ReadMeter(ref entry);
    }

    private static void WriteMeter(WireWriter writer, Meter meter)
    {
        var hasBurst = meter.Bands.Any(band => band.Burst is not null);
        writer.UInt16((ushort)((int)meter.Unit | (hasBurst ? BurstFlag : 0)));
        writer.UInt32(meter.Id);
        foreach (var band in meter.Bands)
        {
            writer.UInt16(DropBand);
            writer.UInt16(BandLength);
            writer.UInt32(band.Rate);
            writer.UInt32(band.Burst ?? 0);
            writer.Pad(4);
        }
    }

    private static Meter ReadMeter(ref WireReader body)
    {
        var flags = body.UInt16();
        if ((flags & ~(UnitMask | BurstFlag | StatisticsFlag)) != 0 || (flags & UnitMask) is 0 or UnitMask)
            throw new OpenFlowFormatException($"meter of flags {flags}");
        var id = body.UInt32();
        var bands = new List<MeterBand>();
        while (body.Remaining > 0)
        {
            if (body.UInt16() is var type && type != DropBand)
                throw new OpenFlowFormatException($"meter band of type {type}");
            var band = body.Slice(body.LengthAfter(2, BandLength));
            var (rate, burst) = (band.UInt32(), band.UInt32());
            bands.Add(new MeterBand(rate, (flags & BurstFlag) != 0 ? burst : null));
        }

        return new Meter(id, (MeterUnit)(flags & UnitMask), bands.ToValueList());
    }
}
