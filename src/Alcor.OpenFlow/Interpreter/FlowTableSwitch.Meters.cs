namespace Alcor.OpenFlow;

public sealed partial class FlowTableSwitch
{
    private static readonly OpenFlowError MeterExists = new(12, 1);
    private static readonly OpenFlowError UnknownMeter = new(12, 3);
    private readonly Dictionary<uint, Meter> meters = [];

    /// <summary>In no order.</summary>
    public IReadOnlyCollection<Meter> Meters => meters.Values;

    /// <summary>
    /// Whether a meter lets a packet pass. No time passes in here, so no rate is ever exceeded: who wants a packet
    /// dropped says so.
    /// </summary>
    public Func<uint, Packet, bool> Admits { get; set; } = (_, _) => true;

    /// <summary>
    /// The refusal, or null when the change was made. Deleting a meter deletes the flows that use it.
    /// </summary>
    public OpenFlowError? Apply(MeterModCommand command, Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        switch (command)
        {
            case MeterModCommand.Delete:
                foreach (var id in meter.Id == Meter.AllMeters ? [.. meters.Keys] : new List<uint> { meter.Id })
                {
                    meters.Remove(id);
                    DeleteUsersOf(id);
                }

                return null;
            case MeterModCommand.Add when meters.ContainsKey(meter.Id):
                return MeterExists;
            case MeterModCommand.Modify when !meters.ContainsKey(meter.Id):
                return UnknownMeter;
            default:
                meters[meter.Id] = meter;
                return null;
        }
    }

    private void DeleteUsersOf(uint meter)
    {
        foreach (var flow in Dump(FlowFilter.Everything).Where(flow => flow.MeterId == meter)) Put(flow.Key, null);
    }
}
