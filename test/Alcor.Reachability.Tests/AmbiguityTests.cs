using Alcor.Agent.Pipeline;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Of two flows with the same priority that match the same packet, a switch takes either (OpenFlow 1.4.1 section 5.3):
/// there are none that do different things.
/// </summary>
public sealed class AmbiguityTests
{
    private const int Worlds = 20;

    /// <summary>Registers of the pipeline, by what it calls them.</summary>
    private static readonly Field Network = Field.Register(0), Key = Field.Register(3);

    [Fact]
    public async Task No_packet_meets_two_flows_that_differ()
    {
        var random = Seed.For(nameof(No_packet_meets_two_flows_that_differ));
        for (var world = 0; world < Worlds; world++)
        {
            var script = CloudGenerator.Script(random.Next(), sends: 1);
            foreach (var host in (await Trial.RunAsync(script, Mutation.None)).Hosts)
                Check(host.Flows, $"world {world}");
        }
    }

    private static void Check(IEnumerable<Flow> flows, string where)
    {
        var networkOf = flows.Where(flow => flow.Table == Tables.Classify && Loaded(flow, Key) is not null)
            .ToDictionary(flow => Loaded(flow, Key)!.Value, flow => Loaded(flow, Network));
        foreach (var rivals in flows.GroupBy(flow => (flow.Table, flow.Priority)))
        {
            var all = rivals.ToList();
            for (var i = 0; i < all.Count; i++)
            {
                for (var j = i + 1; j < all.Count; j++)
                {
                    var isSafe = all[i].Instructions.Equals(all[j].Instructions)
                        || !all[i].Match.Overlaps(all[j].Match)
                        || AreApart(all[i].Match, all[j].Match) || AreApart(all[j].Match, all[i].Match);
                    Assert.True(isSafe, $"{where}:\n{all[i]}\n{all[j]}");
                }
            }
        }

        // A packet from a port is in the network of the port, whichever of the two a flow looks at.
        bool AreApart(Match byPort, Match byNetwork) => byPort.Find(Key) is { } port
            && byNetwork.Find(Network) is { } network
            && networkOf.TryGetValue(port.Value, out var entered) && entered != network.Value;
    }

    private static UInt128? Loaded(Flow flow, Field register) => flow.Instructions
        .OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions).OfType<FlowAction.Load>()
        .Where(load => load.Target.Field == register).Select(load => (UInt128?)load.Value).FirstOrDefault();
}
