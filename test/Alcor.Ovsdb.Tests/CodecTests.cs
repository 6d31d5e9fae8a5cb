using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Alcor.Ovsdb.Tests;

public sealed class CodecTests
{
    [Theory]
    [InlineData("5", "5")]
    [InlineData("5.0", "5")]
    [InlineData("0.25", "0.25")]
    [InlineData("true", "true")]
    [InlineData("\"x\"", "\"x\"")]
    [InlineData("[\"set\",[]]", "[\"set\",[]]")]
    [InlineData("[\"set\",[3]]", "3")]
    [InlineData("[\"set\",[\"b\",\"a\"]]", "[\"set\",[\"a\",\"b\"]]")]
    [InlineData("[\"map\",[]]", "[\"map\",[]]")]
    [InlineData("[\"map\",[[\"b\",1],[\"a\",2]]]", "[\"map\",[[\"a\",2],[\"b\",1]]]")]
    [InlineData("[\"named-uuid\",\"row1\"]", "[\"named-uuid\",\"row1\"]")]
    [InlineData(
        "[\"uuid\",\"36BEF046-7da7-43a5-905a-c17899216fcb\"]", "[\"uuid\",\"36bef046-7da7-43a5-905a-c17899216fcb\"]")]
    public void A_value_is_read_and_written_in_its_one_form(string read, string written) =>
        Assert.Equal(written, OvsdbValue.Parse(Encoding.UTF8.GetBytes(read)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1,2]")]
    [InlineData("1e400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[\"uuid\",\"12\"]")]
    [InlineData("[\"uuid\",5]")]
    [InlineData("[\"named-uuid\",\"\"]")]
    [InlineData("[\"set\",5]")]
    [InlineData("[\"set\",[1,1]]")]
    [InlineData("[\"set\",[[\"set\",[]]]]")]
    [InlineData("[\"map\",[[1]]]")]
    [InlineData("[\"map\",[[1,2],[1,3]]]")]
    [InlineData("[\"bag\",[]]")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void Anything_else_is_a_format_error(string json) =>
        Assert.Throws<OvsdbFormatException>(() => OvsdbValue.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void What_is_written_is_read_back_as_the_same_value()
    {
        var random = Seed.For(nameof(What_is_written_is_read_back_as_the_same_value));
        for (var i = 0; i < 5_000; i++)
        {
            var row = Generate.Row(random);
            var back = OvsdbRow.Parse(row.ToJson());
            Assert.Equal(row, back);
            Assert.Equal(row.GetHashCode(), back.GetHashCode());
            Assert.Equal(row.ToJson(), back.ToJson());
        }
    }

    [Fact]
    public void A_set_does_not_depend_on_the_order_of_its_elements()
    {
        var random = Seed.For(nameof(A_set_does_not_depend_on_the_order_of_its_elements));
        for (var i = 0; i < 500; i++)
        {
            var atoms = Enumerable.Range(0, 8).Select(_ => Generate.Atom(random)).ToArray();
            var set = OvsdbValue.Set(atoms);
            random.Shuffle(atoms);
            Assert.Equal(set, OvsdbValue.Set(atoms));
            Assert.All(atoms, atom => Assert.True(set.Contains(atom)));
        }
    }

    [Fact]
    public void Mutated_bytes_give_a_row_or_a_format_error()
    {
        var random = Seed.For(nameof(Mutated_bytes_give_a_row_or_a_format_error));
        var (rows, errors) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            try
            {
                OvsdbRow.Parse(Generate.Mutate(random, Generate.Row(random).ToJson()));
                rows++;
            }
            catch (OvsdbFormatException)
            {
                errors++;
            }
        }

        Assert.True(rows > 100 && errors > 100, $"{rows} rows and {errors} errors");
    }

    [Fact]
    public void Mutated_schemas_and_updates_give_a_value_or_a_format_error()
    {
        var random = Seed.For(nameof(Mutated_schemas_and_updates_give_a_value_or_a_format_error));
        var schema = OvsdbSchema.Parse(TestSchema.Json);
        ImmutableArray<OvsdbMonitorTable> tables = [new("Thing", ["name", "tags", "size", "options"])];
        var update = Encoding.UTF8.GetBytes(
            """{"Thing":{"36bef046-7da7-43a5-905a-c17899216fcb":{"insert":{"name":"a","tags":["set",["x","y"]]}}}}""");
        var (values, errors) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            try
            {
                if (i % 2 == 0) OvsdbSchema.Parse(Generate.Mutate(random, TestSchema.Json));
                else Read(Generate.Mutate(random, update));
                values++;
            }
            catch (OvsdbFormatException)
            {
                errors++;
            }
        }

        Assert.True(values > 100 && errors > 100, $"{values} values and {errors} errors");

        void Read(byte[] json) => OvsdbJson.Read(
            json, element => new OvsdbUpdateReader(schema, tables).Read(element, isInitial: false, isCompact: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Messages_are_cut_wherever_the_stream_breaks(int chunk)
    {
        var random = Seed.For(nameof(Messages_are_cut_wherever_the_stream_breaks));
        var rows = Enumerable.Range(0, 2_000).Select(_ => Generate.Row(random)).ToArray();
        var bytes = rows.SelectMany((row, i) => row.ToJson().Concat(i % 3 == 0 ? " \n"u8.ToArray() : [])).ToArray();
        var reader = new OvsdbMessageReader(new ChunkedStream(bytes, chunk), OvsdbLimits.MessageBytesMax);
        foreach (var row in rows) Assert.Equal(row, OvsdbRow.Read(await NextAsync(reader)));
        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(bytes.Length, reader.BytesRead);
    }

    [Fact]
    public async Task A_long_message_passes_and_the_bound_holds()
    {
        var row = OvsdbRow.Of(("text", new string('x', 3_000_000)));
        var bytes = row.ToJson();
        var reader = new OvsdbMessageReader(new ChunkedStream([.. bytes, .. bytes, .. "{}"u8], 10_000), bytes.Length);
        Assert.Equal(row, OvsdbRow.Read(await NextAsync(reader)));
        Assert.Equal(row, OvsdbRow.Read(await NextAsync(reader)));
        Assert.Equal(OvsdbRow.Empty, OvsdbRow.Read(await NextAsync(reader)));

        var narrow = new OvsdbMessageReader(new ChunkedStream(bytes, 10_000), 1_000_000);
        await Assert.ThrowsAsync<OvsdbFormatException>(() => NextAsync(narrow));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("}")]
    [InlineData("{]")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public async Task What_is_no_message_is_a_format_error(string text)
    {
        var reader = new OvsdbMessageReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), 2), 100);
        await Assert.ThrowsAsync<OvsdbFormatException>(() => NextAsync(reader));
    }

    private static async Task<JsonElement> NextAsync(OvsdbMessageReader reader) =>
        (await reader.ReadAsync(TestContext.Current.CancellationToken))!.RootElement;

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
