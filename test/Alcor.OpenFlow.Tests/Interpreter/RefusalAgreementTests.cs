using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

/// <summary>The switch in memory refuses the flows that Open vSwitch refuses, and keeps those that it keeps.</summary>
public sealed class RefusalAgreementTests(RealBridge bridge) : IClassFixture<RealBridge>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_switches_refuse_the_same_and_hold_the_same()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        var random = Seed.For(nameof(Both_switches_refuse_the_same_and_hold_the_same));
        await using var connection = await EmptiedAsync();
        var model = new FlowTableSwitch();
        var refusals = 0;
        for (var round = 0; round < 20; round++)
        {
            var changes = Enumerable.Range(0, 100).Select(_ => Change(random)).ToList();
            var delivery = random.Pick(FlowDelivery.Barrier, FlowDelivery.Barrier, FlowDelivery.Bundle);
            var real = await connection.SendFlowsAsync(changes, delivery, Token);
            var modelled = model.Apply(changes, delivery);
            // At the commit of a bundle the switch stops at the first refusal, and the model names them all.
            if (delivery == FlowDelivery.Bundle)
                modelled = modelled with { Failures = modelled.Failures.Intersect(real.Failures).ToValueList() };
            var difference = Difference(real, modelled);
            Assert.True(difference.Length == 0, difference);
            Assert.Equal(real.Applied, modelled.Applied);
            refusals += real.Failures.Count;
            var dump = await connection.DumpFlowsAsync(FlowFilter.Everything, Token);
            Assert.Equal(
                dump.Select(entry => entry.Flow.ToString()).Order(StringComparer.Ordinal),
                model.Dump(FlowFilter.Everything).Select(flow => flow.ToString()).Order(StringComparer.Ordinal));
        }

        Assert.InRange(refusals, 50, 1_500);
    }

    [Fact]
    public async Task Both_switches_refuse_the_same_meters_and_lose_the_flows_of_those_that_go()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        var random = Seed.For(nameof(Both_switches_refuse_the_same_meters_and_lose_the_flows_of_those_that_go));
        await using var connection = await EmptiedAsync();
        var model = new FlowTableSwitch();
        var refusals = 0;
        for (var round = 0; round < 300; round++)
        {
            var command = random.Pick(MeterModCommand.Add, MeterModCommand.Modify, MeterModCommand.Delete);
            var meter = random.Meter();
            var flow = new Flow(1, (ushort)random.Next(1, 4), OpenFlow.Match.Empty,
                [new Instruction.Meter((uint)random.Next(1, 4)), new Instruction.GotoTable(2)]);
            var real = await connection.SendFlowsAsync([FlowMod.Add(flow)], FlowDelivery.Bundle, Token);
            var modelled = model.Apply([FlowMod.Add(flow)], FlowDelivery.Bundle);
            Assert.Equal("", Difference(real, modelled));
            refusals += real.Failures.Count;
            var refusal = await RefusalAsync(connection, command, meter);
            Assert.Equal(refusal, model.Apply(command, meter));
            refusals += refusal is null ? 0 : 1;
            Assert.Equal(
                (await connection.DumpMetersAsync(Token)).OrderBy(one => one.Id),
                model.Meters.OrderBy(one => one.Id));
            var dump = await connection.DumpFlowsAsync(FlowFilter.Everything, Token);
            Assert.Equal(
                dump.Select(entry => entry.Flow.ToString()).Order(StringComparer.Ordinal),
                model.Dump(FlowFilter.Everything).Select(one => one.ToString()).Order(StringComparer.Ordinal));
        }

        Assert.InRange(refusals, 50, 500);
    }

    private async Task<OpenFlowConnection> EmptiedAsync()
    {
        var connection = await bridge.ConnectAsync(OpenFlowVersion.OpenFlow14);
        await connection.SendFlowsAsync([FlowMod.Delete(FlowFilter.Everything)], FlowDelivery.Barrier, Token);
        return connection;
    }

    private static async Task<OpenFlowError?> RefusalAsync(
        OpenFlowConnection connection, MeterModCommand command, Meter meter)
    {
        try
        {
            await connection.SendMeterAsync(command, meter, Token);
            return null;
        }
        catch (OpenFlowRefusedException refused)
        {
            return refused.Error;
        }
    }

    private static string Difference(FlowBatchResult real, FlowBatchResult modelled) => string.Join('\n',
        real.Failures.Except(modelled.Failures).Select(failure => $"only the switch: {failure}")
            .Concat(modelled.Failures.Except(real.Failures).Select(failure => $"only the model: {failure}")));

    private static FlowMod Change(Random random)
    {
        var flow = random.Chance(0.5) ? PipelineGenerator.Pipeline(random)[random.Next(20)] : random.Flow();
        if (random.Chance(0.2)) flow = WithDoubtful(random, flow);
        flow = flow with { Cookie = (ulong)random.Next(4) };
        if (random.Chance(0.2)) flow = flow with { Match = Without(random, flow.Match) };
        // Groups are not there, so a flow with one is refused too.
        return random.Next(8) switch
        {
            0 => FlowMod.DeleteStrict(flow.Key),
            1 => FlowMod.ModifyStrict(flow),
            2 => FlowMod.Modify(flow) with { CookieMask = 3 },
            3 => FlowMod.Delete(new FlowFilter { Table = flow.Table, Match = flow.Match, Cookie = 1, CookieMask = 1 }),
            _ => FlowMod.Add(flow),
        };
    }

    private static Flow WithDoubtful(Random random, Flow flow)
    {
        var apply = flow.Instructions.OfType<Instruction.ApplyActions>().SelectMany(one => one.Actions);
        var others = flow.Instructions.Where(one => one is not Instruction.ApplyActions);
        return flow with
        {
            Instructions = [new Instruction.ApplyActions([.. apply, Doubtful(random)]), .. others],
        };
    }

    private static FlowAction Doubtful(Random random) => random.Next(16) switch
    {
        0 => new FlowAction.SetField(Field.CtMark, 5),
        1 => new FlowAction.SetField(Field.IpFragment, 1),
        2 => new FlowAction.Load(Field.CtState, 1),
        3 => new FlowAction.Move(Field.CtIpv4Src, Field.Register(0)),
        4 => new FlowAction.Move(Field.CtMark, Field.Register(0)),
        5 => new FlowAction.ConnectionTrack(),
        6 => new FlowAction.ConnectionTrack { Force = true },
        7 => new FlowAction.ConnectionTrack { Actions = [new FlowAction.SetField(Field.CtMark, 5)] },
        8 => Committed(new FlowAction.SetField(Field.Register(3), 5)),
        9 => Committed(random.Pick<FlowAction>(
            new FlowAction.Output(1), new FlowAction.ClearConnectionTracking(), new FlowAction.Resubmit(9))),
        10 => Committed(FlowAction.Nat.Source(new Ipv4Address(5))),
        11 => Committed(FlowAction.Nat.Source(new Ipv6Address(5))),
        12 => new FlowAction.SetField(
            random.Pick(Field.NdTll, Field.NdSll, Field.NdOptionType, Field.NdReserved, Field.Icmpv6Type), 5),
        13 => new FlowAction.OutputRegister(random.Pick(Field.TcpSrc, Field.IpTtl, Field.CtZone)),
        14 => new FlowAction.ConnectionTrack
        { Zone = random.Pick<Field>(Field.TcpSrc, Field.EthType).Whole, Alg = random.Pick<ushort>(0, 21, 69) },
        _ => random.Pick<FlowAction>(FlowAction.Nat.Existing, FlowAction.Nat.Source(new Ipv4Address(5)),
            new FlowAction.CheckPacketLarger(9, random.Pick(Field.TcpSrc, Field.Register(2)).Bits(3, 1))),
    };

    private static FlowAction.ConnectionTrack Committed(FlowAction nested) =>
        FlowAction.ConnectionTrack.CommitIn((CtZone)3, nested);

    private static Match Without(Random random, Match match)
    {
        var dropped = random.Next(Math.Max(1, match.Count));
        return match.Where((_, index) => index != dropped)
            .Aggregate(Match.Empty, (kept, demand) => kept.With(demand.Field, demand.Value, demand.Mask));
    }
}
